npm install ./hutch-isolate-[0-9]*.tgz ./hutch-isolate-linux-x64-[0-9]*.tgz
