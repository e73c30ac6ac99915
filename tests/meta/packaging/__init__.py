"""What is built from this tree, and that it works where nothing else of the tree is."""
