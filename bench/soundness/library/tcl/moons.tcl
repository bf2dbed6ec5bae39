puts "Tcl counts [llength {a b c}] moons"
