puts [eval [join $argv]]
