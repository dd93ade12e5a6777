"""Become another program: one that dies with the process that started it, and that is not root where root is refused.

Runs on its own as ``python -I -S launch.py MODE SIGNAL PARENT PROGRAM [ARGUMENT ...]`` and imports nothing of ours, so it
adds about 15 ms. A program of its own instead of Popen's ``preexec_fn``, because Python code between fork and exec may
deadlock in a process that has threads, and the fault tests start servers from such processes.

MODE is ``plain``, ``namespace`` or ``nobody``; SIGNAL is what the program gets when PARENT has died (Linux only).
"""

import ctypes
import os
import sys

NOBODY = 65534

_CLONE_NEWUSER = 0x10000000
_PR_SET_PDEATHSIG = 1
_PR_SET_SECUREBITS = 28
_PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_RAISE = 2
_SECBIT_NO_SETUID_FIXUP = 1 << 2
_CAPABILITY_VERSION_3 = 0x20080522
_CAP_DAC_OVERRIDE = 1


def main(arguments: list[str]) -> None:
    """Give up root as MODE says, bind the own life to PARENT's, and become PROGRAM."""
    mode, death_signal, parent, *program = arguments
    _GIVE_UP_ROOT[mode]()
    die_with_parent(int(death_signal), int(parent))
    os.execvp(program[0], program)


def die_with_parent(death_signal: int, parent: int) -> None:
    """Ask the kernel for `death_signal` when the process `parent` (our parent) dies; elsewhere than on Linux do nothing.

    The kernel forgets the wish when the user changes, so this comes after giving up root.
    """
    if sys.platform != "linux":
        return
    _call("prctl", _PR_SET_PDEATHSIG, death_signal, 0, 0, 0)
    if os.getppid() != parent:  # the parent died before the kernel knew of the wish
        raise SystemExit(f"process {parent}, which wanted this program, has gone")


def _stay() -> None:
    pass


def _enter_namespace() -> None:
    """Enter a user namespace that shows our user as 65534: files stay reachable, and initdb sees no uid 0."""
    uid, gid = os.getuid(), os.getgid()
    _call("unshare", _CLONE_NEWUSER)
    for name, line in (("setgroups", "deny"), ("uid_map", f"{NOBODY} {uid} 1"), ("gid_map", f"{NOBODY} {gid} 1")):
        with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
            file.write(line)


def _become_nobody() -> None:
    """Become uid 65534 for good and keep one capability, to reach files below folders that only root may enter."""
    _call("prctl", _PR_SET_SECUREBITS, _SECBIT_NO_SETUID_FIXUP, 0, 0, 0)
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    only = 1 << _CAP_DAC_OVERRIDE
    _call("capset", header, (ctypes.c_uint32 * 6)(only, only, only, 0, 0, 0))
    _call("prctl", _PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, _CAP_DAC_OVERRIDE, 0, 0)


def _call(name: str, *arguments: object) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if getattr(libc, name)(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")


_GIVE_UP_ROOT = {"plain": _stay, "namespace": _enter_namespace, "nobody": _become_nobody}


if __name__ == "__main__":
    main(sys.argv[1:])
