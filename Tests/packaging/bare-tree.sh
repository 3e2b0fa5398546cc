# shellcheck shell=sh
# Sourced by bare-host.sh, bare-build.sh and Tests/dist/bare.sh: a Debian 12 in a folder, and commands inside it.
#
# FLX_BARE_DIR is where the tree is kept between runs (default: a folder below the system's temporary one); remove it
# to begin anew. FLX_MIRROR is the package mirror. Root only: debootstrap, mounts.

[ "$(id -u)" = 0 ] || { echo "$0: must be root, for debootstrap and mounts" >&2; exit 2; }
for tool in debootstrap unshare chroot; do
    command -v $tool > /dev/null || { echo "$0: $tool is missing (apt-get install debootstrap util-linux)" >&2; exit 2; }
done

mirror=${FLX_MIRROR:-http://deb.debian.org/debian}
bare=${FLX_BARE_DIR:-${TMPDIR:-/tmp}/flxchannel-bare}

# Makes the pristine tree once, and a fresh copy of it for this run in $tree, which goes when the script ends.
fresh_tree() { # name, packages separated by commas
    if [ ! -e "$bare/$1.pristine/etc/debian_version" ]; then
        echo "debootstrap: a Debian 12 with $2"
        rm -rf "$bare/$1.pristine" "$bare/$1.new"
        mkdir -p "$bare"
        debootstrap --variant=minbase --include="$2" bookworm "$bare/$1.new" "$mirror" > "$bare/$1.log" 2>&1 ||
            { tail -5 "$bare/$1.log" >&2; exit 1; }
        mv "$bare/$1.new" "$bare/$1.pristine"
    fi
    tree=$bare/$1
    rm -rf "$tree"
    cp -a "$bare/$1.pristine" "$tree"
    trap 'rm -rf "$tree"' EXIT
}

# Gives the tree the way to Debian's and Python's packages that this machine has.
reach_packages() {
    for file in /etc/apt/apt.conf.d /etc/apt/sources.list.d /etc/pip.conf /etc/resolv.conf /etc/hosts /etc/ssl/certs; do
        [ ! -e "$file" ] || { mkdir -p "$tree$(dirname "$file")"; rm -rf "$tree$file"; cp -rL "$file" "$tree$file"; }
    done
    rm -f "$tree"/etc/apt/sources.list "$tree"/etc/apt/sources.list.d/*disabled*
}

# Runs a shell script, read from standard input, inside the tree with an empty environment. The network stays this
# machine's, so that a loopback address means the same inside. Mounts end with the command.
inside() { # mounts as "from:to" words...
    script=$(cat)
    # A mount of its own, as the root of a machine is: else nothing inside could make a mount namespace.
    mounts="mount --bind '$tree' '$tree'; mount -t proc proc '$tree/proc'; mount --rbind /dev '$tree/dev'; mount -t tmpfs tmpfs '$tree/tmp';"
    for pair in "$@"; do
        mkdir -p "$tree/${pair#*:}"
        mounts="$mounts mount --rbind -o ro '${pair%%:*}' '$tree/${pair#*:}';"
    done
    env -i "PATH=$PATH" unshare --mount sh -euc \
        "$mounts exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
        chroot '$tree' sh -euc \"\$0\"" "$script"
}
