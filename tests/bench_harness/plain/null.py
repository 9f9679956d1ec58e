"""What a call of a function that does nothing takes."""

from timing import amplitudes, serve

state = [1.0] + [0.0] * 255


def execute(program=state, seed=7, bindings=None):
    return program


serve(execute, amplitudes)
