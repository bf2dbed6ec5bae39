use strict;
use warnings;
use lib '/app/lib';
use Plack::Builder;
use Plack::Request;

my %uses = (
    '/' => sub { "Plack and the moons\n" },
    '/name' => sub { require Moon::Name; Moon::Name->new($_[0]->param('n') // 'io')->text },
    '/db' => sub {
        require DBI;
        my $db = DBI->connect('dbi:SQLite:dbname=:memory:', '', '', { RaiseError => 1 });
        $db->do('create table moon (name text)');
        $db->do('insert into moon values (?)', undef, $_) for 'Io', 'Titan';
        join ',', map { $_->[0] } @{ $db->selectall_arrayref('select name from moon order by 1 desc') };
    },
    '/xml' => sub { require XML::LibXML; XML::LibXML->load_xml(string => '<a><b>1</b></a>')->findvalue('//b') },
    '/html' => sub { require XML::LibXML; XML::LibXML->load_html(string => '<p>a<p>b', recover => 2)->toString },
    '/zone' => sub { require DateTime; DateTime->from_epoch(epoch => 0, time_zone => 'Europe/Vienna')->strftime('%FT%T%z') },
    '/locale' => sub { require DateTime; DateTime->from_epoch(epoch => 0, locale => 'de')->strftime('%A %e. %B') },
    '/duration' => sub { require DateTime::Duration; DateTime::Duration->new(days => 40)->in_units('weeks') },
    '/json' => sub { require JSON::XS; JSON::XS->new->canonical->encode({ a => 1, b => [undef] }) },
    '/pp' => sub { require JSON::PP; JSON::PP->new->canonical->pretty->encode({ a => 1 }) },
    '/fetch' => sub { require HTTP::Tiny; HTTP::Tiny->new(timeout => 1)->get('http://127.0.0.1:9/')->{status} },
    '/tls' => sub { require HTTP::Tiny; HTTP::Tiny->can_ssl ? 1 : 0 },
    '/form' => sub { my ($request) = @_; join ',', map { "$_=" . $request->body_parameters->{$_} } sort keys %{ $request->body_parameters } },
    '/upload' => sub { my $f = $_[0]->uploads->{f}; $f->filename . ' ' . $f->size },
    '/cookie' => sub { $_[0]->cookies->{a} // 'none' },
    '/agent' => sub { $_[0]->user_agent },
    '/boom' => sub { die 'boom' },
    '/temp' => sub { require File::Temp; my $f = File::Temp->new; print {$f} 'a'; close $f; -s "$f" },
    '/zip' => sub { require IO::Compress::Gzip; my $in = 'a' x 1000; IO::Compress::Gzip::gzip(\$in, \my $out); length $out },
    '/store' => sub { require Storable; Storable::dclone([1, 2])->[1] },
    '/bignum' => sub { require Math::BigInt; Math::BigInt->new(2)->bpow(100)->bstr },
    '/words' => sub { require Text::Wrap; Text::Wrap::wrap('', ' ', 'moon ' x 30) },
    '/date' => sub { require HTTP::Date; HTTP::Date::time2str(0) },
    '/uri' => sub { require URI; URI->new('http://a/b?c=d')->query },
    '/user' => sub { (getpwuid 0)[0] },
    '/service' => sub { getservbyname('https', 'tcp') // 'none' },
    '/thread' => sub { require threads; threads->create(sub { 5 })->join },
    '/glob' => sub { join ',', glob '/app/static/*' },
    '/carp' => sub { require Carp; eval { Carp::confess('why') }; $@ =~ /why/ ? 'yes' : 'no' },
);

builder {
    enable 'Static', path => qr{^/static/}, root => '/app';
    enable 'ContentLength';
    enable_if { ($_[0]{QUERY_STRING} // '') eq 'session' } 'Session::Cookie', secret => 'a'
        if eval { require Plack::Middleware::Session::Cookie };
    mount '/cgi' => sub { require Plack::App::File; Plack::App::File->new(root => '/app/static')->to_app->(@_) };
    mount '/list' => sub { require Plack::App::Directory; Plack::App::Directory->new(root => '/app')->to_app->(@_) };
    mount '/' => sub {
        my $request = Plack::Request->new(shift);
        my $use = $uses{ $request->path_info } or return [404, ['Content-Type' => 'text/plain'], ['no such moon']];
        return [200, ['Content-Type' => 'text/plain'], [$use->($request)]];
    };
};
