"""What is run: stored circuits, OpenQASM, generators and the lowering of gates."""
