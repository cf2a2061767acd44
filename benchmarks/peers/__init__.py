"""Published rhyme detectors and arena-rank, run beside ours and never imported by the app.

They live in `.venv/peers`, which `make bench` makes from `requirements.lock`.
"""
