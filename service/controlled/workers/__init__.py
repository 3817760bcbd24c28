"""Programs that run alone, with little memory and little time: what people sent is opened here and nowhere else.

Each is a file that imports nothing of ours, run by `confined.py`; it finds `job.json` in its folder, leaves its work
there, and writes `{"refused": …}` to `said.json` where it will not do it.
"""
