#!/bin/sh
# with-keyring.sh MODE PROGRAM [ARGS]: runs a program in a session of its own, with a fresh home and a real Secret Service.
#   unlocked   gnome-keyring with an open default keyring
#   locked     the same, locked; nobody is there to unlock it
#   absent     a session bus with nothing on it that keeps secrets
#   nobus      no session bus
# The fresh home is in SESSION_FOLDER (HOME, XDG_*); it is removed at the end. The exit code is the program's.
set -eu
mode=$1
shift

SESSION_FOLDER=$(mktemp -d "${TMPDIR:-/tmp}/roost-session.XXXXXX")
trap 'rm -rf "$SESSION_FOLDER"' EXIT
mkdir -m 700 "$SESSION_FOLDER/home" "$SESSION_FOLDER/run"
export SESSION_FOLDER HOME="$SESSION_FOLDER/home" XDG_RUNTIME_DIR="$SESSION_FOLDER/run"
unset DBUS_SESSION_BUS_ADDRESS DISPLAY WAYLAND_DISPLAY XDG_DATA_HOME XDG_CONFIG_HOME XDG_CACHE_HOME XDG_STATE_HOME

keyring='printf "keyring\n" | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1'
lock='dbus-send --session --print-reply --dest=org.freedesktop.secrets /org/freedesktop/secrets \
    org.freedesktop.Secret.Service.Lock array:objpath:/org/freedesktop/secrets/collection/login >/dev/null'
status=0
case $mode in
unlocked) dbus-run-session -- sh -c "$keyring; exec \"\$@\"" session "$@" || status=$? ;;
locked) dbus-run-session -- sh -c "$keyring; $lock; exec \"\$@\"" session "$@" || status=$? ;;
absent)
    # A bus that cannot start anything: no service folders.
    cat >"$SESSION_FOLDER/bus.conf" <<END
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=$SESSION_FOLDER/run</listen>
  <policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy>
</busconfig>
END
    dbus-run-session --config-file="$SESSION_FOLDER/bus.conf" -- "$@" || status=$?
    ;;
nobus) "$@" || status=$? ;;
*)
    echo "with-keyring.sh: unknown mode '$mode'" >&2
    status=2
    ;;
esac
exit $status
