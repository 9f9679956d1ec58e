"""``qbench show``."""

from __future__ import annotations

import sys

import click

__all__ = ["command"]

PIPED_WIDTH = 100


@click.command(name="show")
@click.argument("circuit", metavar="CIRCUIT|FILE.qasm")
@click.option(
    "--gates",
    type=click.Choice(("native", "common")),
    default="native",
    show_default=True,
    help="common: as qbench run --gates common asks it, in ten gates.",
)
@click.option("--full", is_flag=True, help="The whole drawing, however long.")
@click.option("--qasm", is_flag=True, help="Print OpenQASM instead: a stored file, or yours as it was read.")
@click.option("--json", "as_json", is_flag=True, help="The facts as one object, without the drawing.")
def command(circuit: str, gates: str, full: bool, qasm: bool, as_json: bool) -> int:
    """Show a circuit: drawing, gates, depths, known answer, source, and which simulators take it.

    CIRCUIT is a stored circuit's name (qbench list circuits) or a file that qbench run takes.  Drawn angles
    are rounded; --qasm prints all digits.  With --gates common gates, depths, drawing and OpenQASM are those
    of the circuit in common gates; Clifford simulators get s and sdg for the rotations in it.
    """
    import json

    from qbench.errors import QbenchError
    from qbench.session.portrait import portrait, portrait_facts, stored_text

    if qasm + as_json + full > 1:
        raise QbenchError("--full, --qasm and --json ask for different things: give one of them")
    seen = portrait(circuit, gates)
    if qasm:
        from qbench.circuits.qasm import write_qasm

        stored = seen.stored if gates == "native" else None
        click.echo(stored_text(stored) if stored else write_qasm(seen.circuit), nl=False)
    elif as_json:
        click.echo(json.dumps(portrait_facts(seen), indent=1, ensure_ascii=True))
    else:
        from qbench.circuits.drawing import draw
        from qbench.report.circuit_page import circuit_page, plain_drawing

        width = _width()
        drawing = draw(seen.circuit, width, full)
        lines = drawing.lines if _shows("\n".join(drawing.lines)) else plain_drawing(drawing.lines)
        click.echo(circuit_page(portrait_facts(seen), lines, drawing.columns - drawing.shown, width))
    return 0


def _width() -> int:
    import shutil

    shown = sys.stdout is not None and sys.stdout.isatty()  # None where it was closed: >&-
    return shutil.get_terminal_size((PIPED_WIDTH, 24)).columns if shown else PIPED_WIDTH


def _shows(text: str) -> bool:
    try:
        text.encode(getattr(sys.stdout, "encoding", None) or "ascii")
    except UnicodeEncodeError:
        return False
    return True
