"""How Roost runs an app on this machine; address and app stand on the command line.

The app folder's own gunicorn.conf.py is not read: it could put the app on the network, let it outlive Roost, or give it
another database than the one shown.
"""

import os

workers = 1
graceful_timeout = 3
accesslog = "-"
access_log_format = "%(m)s %(U)s %(s)s"
errorlog = "-"

LOCAL_NAMES = ("127.0.0.1", "localhost")
RUN = os.environ.pop("ROOST_RUN", "")


def post_worker_init(worker):
    app = worker.wsgi

    def guarded(environ, start_response):
        # A web page can point a name of its own at this machine and would then reach the app from the browser.
        if environ.get("HTTP_HOST", "").partition(":")[0] not in LOCAL_NAMES:
            start_response("403 Forbidden", [("Content-Type", "text/plain")])
            return [b"Only for this computer.\n"]

        # By this Roost knows that its own app answers, not another program on the same port.
        def start(status, headers, *exc_info):
            return start_response(status, [*headers, ("Roost-Run", RUN)], *exc_info)

        return app(environ, start)

    worker.wsgi = guarded
