"""What systemd's directives forbid, done to this process by the same means: mounts, capabilities, filters of system calls.

systemd is not running where tests run, so this reads the unit and does to the command what the manual says that systemd does.
A directive that it does not know is an error, so that none stands in a unit unproven.
"""

from __future__ import annotations

import ctypes
import functools
import os
import pwd
import subprocess
from collections.abc import Iterable
from pathlib import Path

libc = ctypes.CDLL(None, use_errno=True)
seccomp = ctypes.CDLL("libseccomp.so.2")
seccomp.seccomp_init.restype = ctypes.c_void_p

NEWNS, NEWUTS, NEWNET = 0x20000, 0x4000000, 0x40000000
NAMESPACES = (NEWNS, NEWUTS, NEWNET, 0x2000000, 0x8000000, 0x10000000, 0x20000000)
BIND, READ_ONLY, RECURSIVE = 0x1000, 0x1, 0x8000
ALLOW, EQUAL, MASKED, UNEQUAL = 0x7FFF0000, 4, 7, 1
PERM, NOSYS, FAMILY = 1, 38, 97
FAMILIES = {"AF_UNIX": 1, "AF_INET": 2, "AF_INET6": 10}

# Done below, with the one value that is known here or with any.
DONE = {
    "User", "StateDirectory", "StateDirectoryMode", "LogsDirectory", "LogsDirectoryMode", "ReadWritePaths", "ProtectSystem=strict",
    "ProtectHome=yes", "PrivateTmp=yes", "PrivateDevices=yes", "PrivateNetwork=yes", "NoNewPrivileges=yes",
    "CapabilityBoundingSet=", "RestrictSUIDSGID=yes", "LockPersonality=yes", "MemoryDenyWriteExecute=yes", "RestrictNamespaces=yes",
    "RestrictAddressFamilies", "SystemCallArchitectures=native", "SystemCallFilter", "SystemCallErrorNumber=EPERM",
    "ProtectProc=invisible", "ProtectHostname=yes", "ProtectControlGroups=yes", "ProtectKernelTunables=yes",
    # of the manager, not of the process; or done by the capabilities and calls that are missing
    "Type=oneshot", "ExecStart", "ExecStopPost", "SuccessExitStatus", "KillMode=mixed", "TimeoutStartSec", "TimeoutStopSec",
    "RestrictRealtime=yes", "ProtectClock=yes", "ProtectKernelLogs=yes", "ProtectKernelModules=yes",
}


class ArgumentCheck(ctypes.Structure):
    _fields_ = [("argument", ctypes.c_uint), ("operation", ctypes.c_int), ("a", ctypes.c_uint64), ("b", ctypes.c_uint64)]


class MountChange(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint64) for name in ("set", "clear", "propagation", "userns")]


def must(result: int, what: str) -> None:
    if result < 0:
        raise OSError(ctypes.get_errno() or -result, f"{what}: {os.strerror(ctypes.get_errno() or -result)}")


def mount(source: str, target: str, kind: str = "", flags: int = 0, options: str = "") -> None:
    must(libc.mount(source.encode(), target.encode(), kind.encode(), flags, options.encode()), f"mount {target}")


def bind(source: str, target: str) -> None:
    mount(source, target, flags=BIND | 0x4000)


def read_only(target: str, is_so: bool = True) -> None:
    """This mount and those below it."""
    change = MountChange(READ_ONLY if is_so else 0, 0 if is_so else READ_ONLY, 0, 0)
    done = libc.syscall(442, -100, target.encode(), RECURSIVE, ctypes.byref(change), ctypes.sizeof(change))
    must(done, f"mount_setattr {target}")


class Walls:
    """The settings of a unit's section [Service]: each key with all its values."""

    def __init__(self, settings: "dict[str, list[str]]") -> None:
        self.settings = settings
        unknown = [f"{key}={value}" for key, values in settings.items() for value in values or [""]
                   if key not in DONE and f"{key}={value}" not in DONE]
        if unknown:
            raise ValueError(f"nobody here knows what forbids {', '.join(unknown)}")
        self.user = pwd.getpwnam(self.value("User") or "root")
        self.calls = self.allowed_calls()  # before the program that tells them is out of reach

    def value(self, key: str) -> str:
        return " ".join(self.settings.get(key, []))

    def words(self, key: str) -> "list[str]":
        return self.value(key).split()

    def has(self, key: str) -> bool:
        return self.value(key) not in ("", "no")

    def build(self) -> None:
        """Around this process, for good. It is root until the end of this."""
        os.chdir("/")
        apart = NEWNS | (NEWUTS if self.has("ProtectHostname") else 0) | (NEWNET if self.has("PrivateNetwork") else 0)
        must(libc.unshare(apart), "unshare")
        self.lay_out_files()
        self.give_up_rights()
        self.filter_calls()

    # Files

    def own_places(self) -> "list[str]":
        places = []
        for key, parent in (("StateDirectory", "/var/lib"), ("LogsDirectory", "/var/log")):
            for name in self.words(key):
                place = Path(parent, name)
                place.mkdir(exist_ok=True)
                os.chown(place, self.user.pw_uid, self.user.pw_gid)
                place.chmod(int(self.value(f"{key}Mode") or "755", 8))
                places.append(str(place))
        for path in self.words("ReadWritePaths"):
            if Path(path.lstrip("-")).exists():
                places.append(path.lstrip("-"))
            elif not path.startswith("-"):
                raise FileNotFoundError(f"ReadWritePaths: {path} is not there")
        return places

    def lay_out_files(self) -> None:
        own = self.own_places()
        is_strict = self.has("ProtectSystem")
        for place in own if is_strict else []:
            bind(place, place)
        if is_strict:
            read_only("/")
            for place in [*own, "/proc", "/sys", "/dev"]:
                read_only(place, False)
        if self.has("PrivateTmp"):
            for place in ("/tmp", "/var/tmp"):
                mount("tmpfs", place, "tmpfs", options="mode=1777")
        if self.has("ProtectHome"):
            for place in ("/home", "/root"):
                mount("tmpfs", place, "tmpfs", READ_ONLY, "mode=000")
        if self.has("PrivateDevices"):
            self.private_devices()
        if self.has("ProtectProc"):
            boot = "/proc/sys/kernel/random/boot_id"
            mount("proc", "/proc", "proc", options="hidepid=invisible")
            bind("/run/boot_id", boot)
        if self.has("ProtectKernelTunables"):
            bind("/proc/sys", "/proc/sys")
            read_only("/proc/sys")
            read_only("/sys")
        if self.has("ProtectControlGroups") and os.path.ismount("/sys/fs/cgroup"):
            read_only("/sys/fs/cgroup")

    def private_devices(self) -> None:
        old = os.open("/dev", os.O_PATH)
        mount("tmpfs", "/dev", "tmpfs", options="mode=755")
        for name in ("null", "zero", "full", "random", "urandom", "tty"):
            Path("/dev", name).touch()
            bind(f"/proc/self/fd/{old}/{name}", f"/dev/{name}")
        os.symlink("/proc/self/fd", "/dev/fd")
        for number, name in enumerate(("stdin", "stdout", "stderr")):
            os.symlink(f"/proc/self/fd/{number}", f"/dev/{name}")
        os.close(old)

    # Rights

    def give_up_rights(self) -> None:
        if "CapabilityBoundingSet" in self.settings:
            for capability in range(int(Path("/proc/sys/kernel/cap_last_cap").read_text()) + 1):
                must(libc.prctl(24, capability, 0, 0, 0), "PR_CAPBSET_DROP")
        os.initgroups(self.user.pw_name, self.user.pw_gid)
        os.setresgid(*[self.user.pw_gid] * 3)
        os.setresuid(*[self.user.pw_uid] * 3)
        # As systemd has it: who filters calls without rights gives up new ones.
        if self.has("NoNewPrivileges") or self.is_filtered:
            must(libc.prctl(38, 1, 0, 0, 0), "PR_SET_NO_NEW_PRIVS")

    # System calls

    @property
    def is_filtered(self) -> bool:
        return bool(self.calls or self.denials())

    def allowed_calls(self) -> "set[str]":
        allowed: "set[str]" = set()
        for line in self.settings.get("SystemCallFilter", []):
            named = {call for word in line.lstrip("~").split() for call in calls_of(word, groups())}
            allowed = allowed - named if line.startswith("~") else allowed | named
        return allowed

    def denials(self) -> "list[tuple[str, int, ArgumentCheck | None]]":
        """Calls that are refused, with which error, and where a word of theirs is such."""
        found: "list[tuple[str, int, ArgumentCheck | None]]" = []

        def masked(call: str, argument: int, bits: int) -> None:
            found.append((call, PERM, ArgumentCheck(argument, MASKED, bits, bits)))

        if self.has("MemoryDenyWriteExecute"):
            masked("mmap", 2, 0x2 | 0x4)
            masked("mprotect", 2, 0x4)
            masked("pkey_mprotect", 2, 0x4)
            masked("shmat", 2, 0o100000)
        if self.has("RestrictAddressFamilies"):
            known = {FAMILIES[name] for name in self.words("RestrictAddressFamilies")}
            found += [("socket", FAMILY, ArgumentCheck(0, EQUAL, number, 0)) for number in range(46) if number not in known]
        if self.has("RestrictNamespaces"):
            found += [("unshare", PERM, None), ("setns", PERM, None), ("clone3", NOSYS, None)]
            for flag in NAMESPACES:
                masked("clone", 0, flag)
        if self.has("RestrictSUIDSGID"):
            for bit in (0o4000, 0o2000):
                masked("chmod", 1, bit)
                masked("fchmod", 1, bit)
                masked("fchmodat", 2, bit)
        if self.has("LockPersonality"):
            found.append(("personality", PERM, ArgumentCheck(0, UNEQUAL, 0, 0)))
        return found

    def filter_calls(self) -> None:
        # What is allowed comes last: to filter calls is not.
        if denials := self.denials():
            load(ALLOW, [(call, 0x50000 | error, check) for call, error, check in denials])
        if self.calls:
            load(0x50000 | PERM, [(call, ALLOW, None) for call in sorted(self.calls)])


@functools.cache
def groups() -> "dict[str, list[str]]":
    """What each group such as @system-service names, as this systemd has them: calls, and other groups."""
    said = subprocess.run(["systemd-analyze", "syscall-filter", "--no-pager"], capture_output=True, text=True, check=True).stdout
    found: "dict[str, list[str]]" = {}
    for line in said.splitlines():
        if line.startswith("@"):
            found[line] = members = []
        elif found and line.startswith(" ") and not line.strip().startswith("#"):
            members.append(line.strip())
    return found


def calls_of(word: str, known: "dict[str, list[str]]") -> "set[str]":
    return {call for member in known[word] for call in calls_of(member, known)} if word.startswith("@") else {word}


def load(default: int, rules: "Iterable[tuple[str, int, ArgumentCheck | None]]") -> None:
    context = ctypes.c_void_p(seccomp.seccomp_init(ctypes.c_uint32(default)))
    for call, action, check in rules:
        number = seccomp.seccomp_syscall_resolve_name(call.encode())
        if number == -1:
            continue  # newer than this libseccomp
        checks = ctypes.byref(check) if check else None
        must(seccomp.seccomp_rule_add_array(context, ctypes.c_uint32(action), number, 1 if check else 0, checks), call)
    must(seccomp.seccomp_load(context), "seccomp_load")
    seccomp.seccomp_release(context)
