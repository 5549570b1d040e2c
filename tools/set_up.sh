#!/usr/bin/env bash
# Make .venv from a lock file (hashes checked) and install Schakel in it, editable. Needs Python 3.11 or newer.
set -euo pipefail
cd "$(dirname "$0")/.."
lock=$1
python=${PYTHON:-}
for candidate in python3.11 python3.12 python3.13 python3.14 python3; do
  [ -n "$python" ] && break
  if command -v "$candidate" >/dev/null && "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then python=$candidate; fi
done
[ -n "$python" ] || { echo "Schakel needs Python 3.11 or newer; none was found." >&2; exit 1; }

if [ ! -x .venv/bin/python ] || ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
  rm -rf .venv
  if ! "$python" -m venv .venv >/dev/null 2>&1; then
    # Debian keeps the module that makes environments in a package of its own.
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
      apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv >/dev/null
      rm -rf .venv && "$python" -m venv .venv
    else
      echo "Python cannot make an environment: install the package python3-venv and try again." >&2; exit 1
    fi
  fi
fi
echo "Installing from $lock ..."
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock"
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
