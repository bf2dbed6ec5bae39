"""A Flask app of two pages. The second imports what it needs when it is asked for."""

from flask import Flask, render_template

app = Flask(__name__)


@app.route("/")
def front():
    return "Hello from Flask!\n"


@app.route("/moons")
def moons():
    from statistics import mean, median

    kilometres = {"Io": 3643, "Europa": 3122, "Ganymede": 5268, "Callisto": 4821}
    diameters = kilometres.values()
    return render_template("moons.html", moons=kilometres, mean=mean(diameters), median=median(diameters))


# One thread, and no process beside it that waits for changes
app.run(host="0.0.0.0", port=8080, debug=False, threaded=False, use_reloader=False)
