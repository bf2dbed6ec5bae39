-- Prints the primes below a limit, by Eratosthenes' sieve.
local limit = 50

local composite, primes = {}, {}
for n = 2, limit do
  if not composite[n] then
    primes[#primes + 1] = n
    for multiple = n * n, limit, n do
      composite[multiple] = true
    end
  end
end

print(("%s: %d primes below %d"):format(_VERSION, #primes, limit))
print(table.concat(primes, " "))
