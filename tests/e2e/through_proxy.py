# SPDX-License-Identifier: Apache-2.0
"""through_proxy.py COMMAND…: runs a test whose apps know Twindow's CA and come by its proxy.

Node reads NODE_EXTRA_CA_CERTS only when it starts, so the CA is made before the server is. Debian's
python3-twilio (7.7.1) knows only the machine's certificates, which a test must not change: a module
in certifi's place points it to others, as update-ca-certificates would."""
import os
import subprocess
import sys
import tempfile

with tempfile.TemporaryDirectory() as data:
    certificate = os.path.join(data, "exported.crt")
    with open(certificate, "wb") as out:
        subprocess.run([os.environ["TWINDOW_BINARY"], "ca", "export", "--data", data],
                       stdout=out, check=True)
    with open(os.path.join(data, "certifi.py"), "w", encoding="utf-8") as out:
        out.write(f"def where():\n    return {certificate!r}\n")
    environment = dict(os.environ, PYTHONPATH=data, TWINDOW_TEST_PROXY_DATA=data, NODE_EXTRA_CA_CERTS=certificate)
    sys.exit(subprocess.run(sys.argv[1:], env=environment, check=False).returncode)
