script/fuzz                              # every target, 10 minutes each
script/fuzz frames program --minutes 60
