"""What a call of a function that does nothing takes."""

from timing import serve

state = [1.0] + [0.0] * 255


def execute(program=state, seed=7, bindings=None):
    return program


serve(execute)
