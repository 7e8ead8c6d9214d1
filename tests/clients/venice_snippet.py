# The guide's Python program; address, key and pictures come from outside, and the wait is short.
import os
import sys
import time

import requests

base, key, picture = os.environ["BASE"], os.environ["KEY"], os.environ["PICTURE"]

response = requests.post(
    base + "/video/queue",
    headers={"Authorization": "Bearer " + key},
    json={
        "model": "kling-o3-standard-reference-to-video",
        "prompt": "@Element1 walks through @Image1, camera tracking from behind",
        "duration": "3",
        "aspect_ratio": "16:9",
        "audio": True,
        "elements": [
            {
                "frontal_image_url": picture + "/fox.png",
                "reference_image_urls": [picture + "/fox-side.png", picture + "/fox-back.png"],
            }
        ],
        "image_urls": [picture + "/village.png"],
    },
)
queue_id = response.json()["id"]

while True:
    answer = requests.post(
        base + "/video/retrieve",
        headers={"Authorization": "Bearer " + key},
        json={"model": "kling-o3-standard-reference-to-video", "queue_id": queue_id},
    )
    answer.raise_for_status()
    if answer.headers["Content-Type"] == "video/mp4":
        sys.stdout.buffer.write(answer.content)
        break
    time.sleep(0.2)
