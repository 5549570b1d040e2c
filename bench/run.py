"""All measurements, one after the other: ratios beside plain DuckDB on the same files in the same run.

python bench/run.py            everything
python bench/run.py deliver    one of them
"""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ORDER = ("check_and_collect", "publish", "deliver", "charts", "impact", "exchange")


def main() -> int:
    """Run each script in a process of its own, so that one does not warm the other."""
    wanted = sys.argv[1:] or [name for name in ORDER if (HERE / f"{name}.py").exists()]
    worst = 0
    for name in wanted:
        print(f"\n== {name}", flush=True)
        worst = max(worst, subprocess.run([sys.executable, str(HERE / f"{name}.py")], check=False).returncode)
    return worst


if __name__ == "__main__":
    sys.exit(main())
