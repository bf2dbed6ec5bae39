use strict;
print 'Perl counts ', scalar(@{['Io', 'Europa', 'Titan']}), " moons\n";
