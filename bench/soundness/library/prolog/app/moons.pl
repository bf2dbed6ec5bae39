:- initialization(true).
main :- length([io, europa, titan], N), format('Prolog counts ~w moons~n', [N]), halt.
