#!/bin/sh
# The first process of a machine of its own, as machine.py starts it, in namespaces of mounts, processes and names: what is
# written to /etc, /usr/local, /var, /srv and /run is gone with it. Its state is on a disk, its boot has a name of its own.
#
#     machine.sh FOLDER NAME FILE OVER INSTALLED      says "up", and ends with its standard input
#
# FILE is seen in the place of OVER, and INSTALLED below /usr/local.
set -eu
folder=$1
installed=$5
echo "$2" > /proc/sys/kernel/hostname
cp "$3" "$folder.file"
mount -t tmpfs -o mode=711 tmpfs "$folder"
mv "$folder.file" "$folder/file"
for part in etc usr/local var srv; do
    mkdir -p "$folder/$part/upper" "$folder/$part/work"
    lower=/$part
    [ $part != usr/local ] || lower=$installed:$lower
    mount -t overlay -o "lowerdir=$lower,upperdir=$folder/$part/upper,workdir=$folder/$part/work" overlay "/$part"
done
ldconfig
mount -t tmpfs -o mode=755 tmpfs /run
echo "127.0.0.1 localhost $2" > /etc/hosts
mount --bind "$folder/file" "$4"
truncate -s 1G "$folder/disk"
mkfs.ext4 -q -F "$folder/disk"
mkdir /var/lib/flxchannel
mount -o loop "$folder/disk" /var/lib/flxchannel
cat /proc/sys/kernel/random/uuid > /run/boot_id
mount --bind /run/boot_id /proc/sys/kernel/random/boot_id
echo up
while read -r _; do :; done
