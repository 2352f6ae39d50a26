hutch run --help
