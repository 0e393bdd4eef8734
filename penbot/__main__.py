import sys

from penbot.cli import main

sys.exit(main())
