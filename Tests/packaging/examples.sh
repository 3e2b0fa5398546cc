#!/bin/sh
# Installs the library into a folder, builds the C and C++ examples against it, and runs them and the PHP example as a person
# would, against the sandbox that FLX_URL and FLX_TOKEN name. What they print is compared with what the hub holds.
#
#     FLX_SANDBOX=<flx-sandbox> Tests/with-sandbox.sh Tests/packaging/examples.sh LIBRARY
set -eu
[ $# -eq 1 ] && [ -n "${FLX_URL:-}" ] && [ -n "${FLX_TOKEN:-}" ] || { echo "usage: with-sandbox.sh $0 LIBRARY" >&2; exit 2; }
root=$(cd "$(dirname "$0")/../.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
passed=0

fail() {
    echo "FAILED $1"
    [ ! -e "$scratch/out" ] || sed 's/^/    /' "$scratch/out" | cut -c1-500 | tail -20
    echo "$passed passed, 1 failed"
    exit 1
}

# Runs a command that must end with a status and print a line that matches.
expect() { # claim, status, pattern, command...
    claim=$1 wanted=$2 pattern=$3
    shift 3
    status=0
    "$@" > "$scratch/out" 2>&1 || status=$?
    [ "$status" -eq "$wanted" ] || fail "$claim (status $status)"
    grep -q "$pattern" "$scratch/out" || fail "$claim (no line like '$pattern')"
    passed=$((passed + 1))
}

admin() { curl -sS -f -X POST -H 'Content-Type: application/json' -d "$2" "$FLX_URL/_admin/$1" > /dev/null; }
total() { curl -sS -f "$FLX_URL/_admin/totals" | grep -o "\"$1\":[0-9]*" | cut -d: -f2; }
equals() { # claim, wanted, got
    [ "$2" = "$3" ] || { rm -f "$scratch/out"; fail "$1: want $2, got $3"; }
    passed=$((passed + 1))
}

"$root/bindings/c/install.sh" "$1" "$scratch/installed" > /dev/null
"$root/bindings/php/install.sh" "$scratch/installed" > /dev/null
export PKG_CONFIG_PATH="$scratch/installed/lib/pkgconfig" LD_LIBRARY_PATH="$scratch/installed/lib"
export FLX_STATE_DIR="$scratch/state"
make -s -C "$root/examples/c" BUILD="$scratch/examples" || fail "the examples build"
cd "$scratch/examples"
sku=$(curl -sS -f -H "X-API-TOKEN: $FLX_TOKEN" "$FLX_URL/listing/variants?pageSize=1" | sed 's/.*"sku":"\([^"]*\)","masterSku.*/\1/')

expect "pull lists what waits" 0 "^$(total waiting_for_sync) variants to sync$" ./pull
equals "pull answered nothing" 0 "$(total answers)"
expect "an order is applied" 0 '"verdict":"applied"' ./order E-1 "$sku" 2 19.99
expect "its repeat is fine" 0 '"verdict":"applied"' ./order E-1 "$sku" 2 19.99
equals "its repeat sent nothing" 1 "$(total order_posts)"
expect "other content is a conflict" 1 '^FLX_E_CONFLICT: ' ./order E-1 "$sku" 3 19.99
expect "a price with a comma is refused" 1 '^FLX_E_ORDER: .*/orderItems/0/price' ./order E-2 "$sku" 1 19,99
equals "refused orders were not sent" 1 "$(total order_posts)"

published=$(total waiting_for_publish) synced=$(total waiting_for_sync)
expect "the loop goes around" 0 "^$published parents published, $synced variants synced, " ./loop F
equals "every order of the loop is at the hub once" 4 "$(total order_numbers_pushed)"
equals "no listing waits to be published" 0 "$(total waiting_for_publish)"
equals "no listing waits to be synced" 0 "$(total waiting_for_sync)"
admin ship '{"order_number":"F-1"}'
expect "shipments come with the next round" 0 '^order F-1 goes with .*tracking SBX' ./loop G
expect "what was committed does not come again" 0 '^0 parents published, 0 variants synced, 0 orders and 0 shipments read$' ./loop G

for compiler in clang++ g++; do
    make -s -B -C "$root/examples/cpp" BUILD="$scratch/examples-cpp" CXX=$compiler CXXFLAGS="-O2 -Werror" || fail "the C++ example builds by $compiler"
    # shellcheck disable=SC2046
    $compiler -std=c++17 -O2 -Wall -Wextra -Wpedantic -Werror $(pkg-config --cflags flxchannel) "$root/Tests/packaging/ranges.cc" \
        -o "$scratch/ranges" $(pkg-config --libs flxchannel) || fail "pages and records are ranges for $compiler"
    FLX_STATE_DIR="$scratch/ranges-$compiler" expect "algorithms take them, by $compiler" 0 '^[1-9].* claims hold, 0 do not$' "$scratch/ranges"
done
admin reset '{}'
published=$(total waiting_for_publish)
FLX_STATE_DIR="$scratch/cpp"
expect "the C++ loop goes around" 0 '"complete":true' "$scratch/examples-cpp/loop" CPP-1
grep -q "^$published published$" "$scratch/out" || fail "the C++ loop publishes all that waits"
grep -q '^1 results$' "$scratch/out" || fail "the C++ loop is told what became of its order"
grep -q '^conflict: FLX_E_CONFLICT$' "$scratch/out" || fail "other content is a ConflictError"
equals "its order is at the hub once" 1 "$(total order_posts)"
equals "no listing waits to be published" 0 "$(total waiting_for_publish)"
equals "no listing waits to be synced" 0 "$(total waiting_for_sync)"
FLX_TOKEN="two words" expect "an error is an exception that says what is wrong" 1 '^FLX_E_CONFIG: .*token' "$scratch/examples-cpp/loop" CPP-2

admin reset '{}'
published=$(total waiting_for_publish) synced=$(total waiting_for_sync)
FLX_STATE_DIR="$scratch/php"
expect "the PHP loop goes around" 0 "^$published parents published, $synced variants synced, " php "$root/examples/php/loop.php" P
equals "every order of the PHP loop is at the hub once" 3 "$(total order_numbers_pushed)"
equals "no listing waits to be published" 0 "$(total waiting_for_publish)"
equals "no listing waits to be synced" 0 "$(total waiting_for_sync)"
FLX_TOKEN="two words"
expect "a wrong token is told" 255 'token byte ' php "$root/examples/php/loop.php" P

echo "$passed passed, 0 failed"
