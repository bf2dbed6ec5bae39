package Moon::Name;
use strict;
sub new { my ($class, $name) = @_; return bless { name => $name }, $class }
sub text { return ucfirst $_[0]{name} }
1;
