#!/usr/bin/env bash
# Bring what the tests need from Debian's packages (Chromium, PostgreSQL, MariaDB, OpenSSH), when we may; say what is missing when we may not.
set -uo pipefail
missing=()
command -v chromium-headless-shell >/dev/null || command -v chromium >/dev/null || missing+=(chromium-headless-shell)
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing+=(postgresql)
[ -x /usr/sbin/mariadbd ] && command -v my_print_defaults >/dev/null || missing+=(mariadb-server-core mariadb-client-core)
ldconfig -p 2>/dev/null | grep -q libpangoft2-1.0 || missing+=(libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0)
[ -x /usr/sbin/sshd ] || missing+=(openssh-server)
ldconfig -p 2>/dev/null | grep -q libatomic.so.1 || missing+=(libatomic1)  # what drives the browser needs it
ls /usr/lib/*/libtcmalloc_minimal.so.4 >/dev/null 2>&1 || missing+=(libtcmalloc-minimal4)  # nothing needs it: a twelfth less time
[ ${#missing[@]} -eq 0 ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "Bringing ${missing[*]} from Debian's packages ..."
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null && exit 0
fi
echo "Missing: ${missing[*]}. The tests that need it are skipped and listed at the end."
exit 0
