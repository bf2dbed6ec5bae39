(display (string-append "Guile counts " (number->string (length '(io europa titan))) " moons"))
(newline)
