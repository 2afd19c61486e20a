"""What happens to a label: toner that spreads, a scanner held askew, a worn head, bad light. Seeded."""

import numpy as np
from PIL import Image, ImageFilter

# Noise (standard deviation of 255), blur (radius in dots), turn in degrees; contrast is cut to three quarters in all.
LEVELS = {1: (12, 0.5, 1), 2: (20, 0.7, 2), 3: (30, 0.9, 3), 4: (30, 1.1, 5)}
DARK, LIGHT = 32, 223


def damaged(label: np.ndarray, level: int, seed: int) -> np.ndarray:
    """A grey picture of a label, as a bad day shows it."""
    noise, blur, turn = LEVELS[level]
    chance = np.random.default_rng([seed, level])
    picture = Image.fromarray(np.where(label, DARK, LIGHT).astype(np.uint8))
    picture = picture.filter(ImageFilter.GaussianBlur(blur))
    angle = turn * chance.choice((-1, 1))
    picture = picture.rotate(angle, Image.Resampling.BILINEAR, expand=True, fillcolor=LIGHT)
    grey = np.asarray(picture, float)
    return np.clip(grey + chance.normal(0, noise, grey.shape), 0, 255).astype(np.uint8)
