#!/bin/bash
# The form of everything that is written here: checks it, or puts it right where a program can.
#
#     Tests/lint/lint.sh check|format VENV [FOLDER]
#
# VENV is the Python environment with clang-format and ruff, FOLDER what is looked at: the whole tree, if it is left out.
# The settings are the dot files at the top: .swift-format, .clang-format, .ruff.toml, .shellcheckrc, .phpcs.xml; and, for
# plugins of WordPress, Flxchannel/ruleset.xml beside this file.
set -u
case ${1-} in check | format) ;; *) echo "usage: $0 check|format VENV [FOLDER]" >&2; exit 2 ;; esac
[ -x "${2-}/bin/ruff" ] || { echo "$0: no ruff in '${2-}'; make lint prepares it" >&2; exit 2; }
what=$1
bin=$(cd "$2/bin" && pwd)
wordpress=(--runtime-set installed_paths "$(cd "$(dirname "$0")" && pwd)" --standard=Flxchannel)
cd "${3:-$(dirname "$0")/../..}" || exit 2

# What people write. A file whose first line says what it was made from has the form that its generator gives it.
written() { # names...
    local names=() name
    for name in "$@"; do names+=(-o -name "$name"); done
    find . \( -name .git -o -name '.build*' -o -name .venv -o -name __pycache__ -o -path ./bindings/python/build \) -prune \
        -o -type f \( "${names[@]:1}" \) -print0 | LC_ALL=C sort -z |
        xargs -0 -r awk 'FNR == 1 { if (!/(Generated|Made) (by|from) /) print substr(FILENAME, 3); nextfile }'
}
mapfile -t swift < <(written '*.swift')
mapfile -t c < <(written '*.c' '*.h' '*.cpp' '*.hpp')
mapfile -t python < <(written '*.py')
mapfile -t shell < <(written '*.sh' run)
mapfile -t php < <(written '*.php' | grep -v '^examples/wordpress/')
# Plugins of WordPress have the form that WordPress demands.
mapfile -t plugins < <(written '*.php' | grep '^examples/wordpress/')
mapfile -t script < <(written '*.js' '*.mjs')
mapfile -t text < <(written '*.md' '*.toml' '*.yml' '*.yaml' '*.json' '*.modulemap' '*.in' '*.inc' '*.m4' '*.mk' Makefile '*.sh' \
    '*.php' '*.phpt' '*.js' '*.mjs' '*.ts' '*.txt' '*.html' '*.css' '*.svg')

# A program gets its files at the end; without files it has nothing to say.
say() { # files there are, what is said if it fails, command...
    local count=$1 about=$2
    shift 2
    [ "$count" = 0 ] || "$@" || { echo "lint: $about" >&2; status=1; }
}
no_blanks_at_the_end() {
    ! grep -nE '[[:blank:]]+$|'$'\r' /dev/null "$@" >&2
}
# What would end the host's process (`assert` is not there in a release), or was left for later. Tests may; the sandbox is a program of its own.
no_trap() {
    local shipped
    mapfile -t shipped < <(printf '%s\n' "$@" | grep -vE '^(Tests|Sources/flx-sandbox)/')
    [ ${#shipped[@]} = 0 ] ||
        ! grep -nE '\b(fatalError|precondition|preconditionFailure)\(|\btry!|\bas!|(//|/\*).*\b(TODO|FIXME|XXX)\b' \
            /dev/null "${shipped[@]}" >&2
}
sound_scripts() { # it looks at one file a call
    local file status=0
    for file in "$@"; do node --check "$file" || status=1; done
    return "$status"
}
in_the_form_of_php() { # phpcbf ends with 1 when it has put something right
    phpcbf -q "$@" > /dev/null || [ $? = 1 ]
}

status=0
if [ "$what" = format ]; then
    say ${#swift[@]} "Swift" swift format format --in-place --parallel "${swift[@]}"
    say ${#c[@]} "C" "$bin/clang-format" -i "${c[@]}"
    say ${#python[@]} "Python: what is named above is put right by hand" "$bin/ruff" check --no-cache --quiet --fix "${python[@]}"
    say ${#php[@]} "PHP" in_the_form_of_php "${php[@]}"
    say ${#plugins[@]} "WordPress" in_the_form_of_php "${wordpress[@]}" "${plugins[@]}"
    say ${#text[@]} "texts" sed -i -E 's/[[:blank:]\r]+$//' "${text[@]}"
    exit $status
fi
say ${#swift[@]} "Swift: make format puts most of it right" swift format lint --strict --parallel "${swift[@]}"
say ${#swift[@]} "Swift: what ends the host's process, or is left for later, is not shipped" no_trap "${swift[@]}"
say ${#c[@]} "C: make format puts it right" "$bin/clang-format" --dry-run -Werror "${c[@]}"
say ${#python[@]} "Python: make format puts some of it right" "$bin/ruff" check --no-cache --quiet --output-format concise "${python[@]}"
say ${#shell[@]} "shell: this is put right by hand" shellcheck --format gcc "${shell[@]}"
say ${#php[@]} "PHP: make format puts some of it right" phpcs -q --report=emacs "${php[@]}"
say ${#plugins[@]} "WordPress: make format puts some of it right" phpcs "${wordpress[@]}" -q --report=emacs "${plugins[@]}"
say ${#script[@]} "JavaScript: this is put right by hand" sound_scripts "${script[@]}"
say ${#text[@]} "texts: make format takes blanks at the end of a line away" no_blanks_at_the_end "${text[@]}"
[ $status = 0 ] && echo "lint: ${#swift[@]} Swift, ${#c[@]} C, ${#python[@]} Python, ${#shell[@]} shell, $((${#php[@]} + ${#plugins[@]})) PHP," \
    "${#script[@]} JavaScript files and ${#text[@]} texts are in good form"
exit $status
