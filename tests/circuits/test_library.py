import json
import os
import shutil
import subprocess
import sys

import pytest

from qbench.circuits import library
from qbench.circuits.families import FAMILIES
from qbench.circuits.generate import differences, generated_files, main
from qbench.circuits.library import data_folder, index, load_circuit
from qbench.circuits.observables import parse_observable
from qbench.errors import QbenchError


def test_the_stored_files_are_made_again_byte_for_byte(tmp_path, capsys):
    assert differences(data_folder()) == []
    assert main(["--folder", str(tmp_path)]) == 0
    for path, content in generated_files().items():
        assert (tmp_path / path).read_bytes() == content == (data_folder() / path).read_bytes()


OTHER_LIBRARY = """
import cmath, math, sys
def off(function, ulps):
    def result(*numbers):
        found = function(*numbers)
        if isinstance(found, complex):
            return complex(shift(found.real, ulps), shift(found.imag, ulps))
        return shift(found, ulps)
    return result
def shift(number, ulps):
    # what every library gets exactly: sin 0, cos 0, tan 0, log 1
    return number if number in (0.0, 1.0, -1.0) else number + ulps * math.ulp(number)
ulps = int(sys.argv[1])
for name in "sin cos tan asin acos atan atan2 sinh cosh tanh exp log log2 log10".split():
    setattr(math, name, off(getattr(math, name), ulps))
cmath.exp = off(cmath.exp, ulps)
from qbench.circuits.generate import main
sys.exit(main(["--check"]))
"""


@pytest.mark.parametrize("ulps", ["1", pytest.param("-1", marks=pytest.mark.slow)])
def test_another_process_makes_the_same_bytes(ulps):
    """No file depends on the order of a set, on what ran before, or on the last bit of a sine or logarithm.

    Those differ between C libraries and processors.
    """
    seed = "1" if os.environ.get("PYTHONHASHSEED") != "1" else "2"
    command = [sys.executable, "-c", OTHER_LIBRARY, ulps]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, "PYTHONHASHSEED": seed}
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_check_names_each_difference(tmp_path, capsys):
    main(["--folder", str(tmp_path)])
    capsys.readouterr()
    assert main(["--check", "--folder", str(tmp_path)]) == 0
    (tmp_path / "sensing" / "qpe_3.qasm").unlink()
    (tmp_path / "synthetic" / "qv_2.qasm").write_text("OPENQASM 2.0;")
    (tmp_path / "synthetic" / "mine.qasm").write_text("OPENQASM 2.0;")
    assert main(["--check", "--folder", str(tmp_path)]) == 1
    assert capsys.readouterr().err.splitlines() == [
        "sensing/qpe_3.qasm: missing",
        "synthetic/mine.qasm: no generator makes it",
        "synthetic/qv_2.qasm: differs from what its generator makes",
    ]


def test_every_stored_circuit_is_the_one_in_the_index():
    for facts in index():
        circuit = load_circuit(facts.name)
        assert circuit.name == facts.name
        assert (circuit.num_qubits, circuit.num_clbits) == (facts.qubits, facts.clbits)
        assert (len(circuit.gates), circuit.depth) == (facts.gates, facts.depth)
        size = int(facts.name.removeprefix(f"{facts.family}_"))
        assert circuit == FAMILIES[facts.family].build(size)
        family = FAMILIES[facts.family]
        assert family.area == facts.area
        assert facts.parameters == len(circuit.parameters)
        attached = family.observable(size) if family.observable else None
        assert (parse_observable(facts.observable) if facts.observable else None) == attached


def test_the_index_is_ascii_and_in_natural_order():
    rows = json.loads((data_folder() / "index.json").read_text(encoding="ascii"))
    names = [facts.name for facts in index()]
    assert [row["name"] for row in rows] == names
    assert names.index("ghz_9") + 1 == names.index("ghz_10")
    assert len(set(names)) == len(names) == sum(len(family.sizes) for family in FAMILIES.values())
    assert len({facts.id for facts in index()}) == len(names)


def test_nothing_heavy_is_imported_for_the_list():
    code = (
        "import sys; from qbench.circuits.library import index; index();"
        "print([m for m in ('numpy', 'qiskit', 'scipy', 'pandas', 'mpmath') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_an_unknown_name_shows_the_nearest():
    with pytest.raises(QbenchError, match=r"'gzh_4'; the nearest are .*ghz_4"):
        load_circuit("gzh_4")
    with pytest.raises(QbenchError, match="qbench list circuits"):
        load_circuit("???")


@pytest.fixture
def copied(tmp_path, monkeypatch):
    folder = tmp_path / "circuits"
    shutil.copytree(data_folder(), folder)
    monkeypatch.setattr(library, "data_folder", lambda: folder)
    index.cache_clear()
    yield folder
    index.cache_clear()


def test_a_changed_file_is_not_run(copied):
    path = copied / "high-performance-computing" / "ghz_3.qasm"
    path.write_text(path.read_text().replace("h q[0];", "x q[0];"))
    with pytest.raises(QbenchError, match=r"ghz_3\.qasm: .*the file was changed"):
        load_circuit("ghz_3")
    assert load_circuit("ghz_4").num_qubits == 4


@pytest.mark.parametrize("content", ["", "[{}]", "[1]", "{", '{"a": 1}', None])
def test_a_broken_index_is_an_error_for_the_user(copied, content):
    if content is None:
        (copied / "index.json").unlink()
    else:
        (copied / "index.json").write_text(content)
    with pytest.raises(QbenchError, match=r"index\.json: the index .* cannot be read"):
        index()
