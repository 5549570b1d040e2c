#!/usr/bin/env bash
# Make .venv from a lock file (hashes checked) and install Schakel in it, editable. Needs Python 3.11 or newer.
set -euo pipefail
cd "$(dirname "$0")/.."
lock=$1

make_environment() {
  # The system's own Python first: it is patched with the machine, and Debian compiles it a fifth faster than it comes
  # from its makers.
  local candidate found=()
  for candidate in ${PYTHON:-/usr/bin/python3 python3.11 python3.12 python3.13 python3.14 python3}; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found+=("$candidate"); fi
  done
  [ ${#found[@]} -gt 0 ] || { echo "Schakel needs Python 3.11 or newer; none was found." >&2; exit 1; }
  # Debian keeps the module that makes environments in a package of its own.
  if ! "${found[0]}" -c 'import ensurepip' 2>/dev/null && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Bringing python3-venv from Debian's packages ..."
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv >/dev/null; } || true
  fi
  for candidate in "${found[@]}"; do
    rm -rf .venv
    if "$candidate" -m venv .venv >/dev/null 2>&1; then return; fi
  done
  rm -rf .venv
  echo "Python cannot make an environment: install the package python3-venv and try again." >&2
  exit 1
}

if [ ! -x .venv/bin/python ] || ! .venv/bin/python -m pip --version >/dev/null 2>&1; then make_environment; fi
echo "Installing from $lock ..."
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock"
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
