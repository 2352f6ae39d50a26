script/demo   # programs over 170,000 places in SQLite, as a model would write them
script/test   # everything: C tests, sanitizers, three runtimes, demo, soak
