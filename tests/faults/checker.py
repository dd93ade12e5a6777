"""What must hold of the whole history after any fault."""
