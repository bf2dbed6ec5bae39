# A web server of one process. What only one answer needs is loaded when that answer is asked for.
use strict;
use warnings;

use IO::Socket::INET;

my %answers = (
    '/'       => sub { "Hello from Perl!\n" },
    '/digest' => \&digest,
);

sub digest {
    require Digest::SHA;
    require JSON::PP;

    my %answer = (algorithm => 'SHA-256', digest => Digest::SHA::sha256_hex('unikraft'));
    return JSON::PP->new->canonical->encode(\%answer) . "\n";
}

# The path that a request asks for; its head is read up to the empty line.
sub requested {
    my ($client) = @_;
    my ($path) = (<$client> // '') =~ m{^GET (\S+) HTTP/1};

    while (defined(my $line = <$client>)) {
        last if $line =~ /^\r?\n$/;
    }
    return $path;
}

sub respond {
    my ($client, $status, $body) = @_;

    print {$client} join "\r\n",
        "HTTP/1.1 $status",
        'Content-Type: text/plain',
        'Content-Length: ' . length $body,
        'Connection: close',
        '', $body;
}

$| = 1;
$SIG{PIPE} = 'IGNORE';

my $server = IO::Socket::INET->new(
    LocalAddr => '0.0.0.0',
    LocalPort => 8080,
    Listen    => 16,
    ReuseAddr => 1,
) or die "cannot listen: $@\n";

print "listening on port 8080\n";
while (1) {
    my $client = $server->accept or next;
    my $path   = requested($client);
    my $answer = defined $path ? $answers{$path} : undef;

    if ($answer) {
        my $body = eval { $answer->() };
        warn $@ if $@;
        respond($client, defined $body ? ('200 OK', $body) : ('500 Internal Server Error', "it failed\n"));
    }
    else {
        respond($client, '404 Not Found', "there is no such page\n");
    }
    close $client;
}
