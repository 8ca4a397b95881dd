"""What rows tell about a fit beyond its curves: leaks, copies, unlike rows, what neighbours have in common."""
