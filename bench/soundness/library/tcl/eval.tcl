set program [lindex $argv 0]
set argv [lrange $argv 1 end]
eval $program
