# The guide's Python program; address, key and pictures come from outside, and the wait is short.
import os
import time

import requests

API_BASE_URL, API_KEY, picture = os.environ["BASE"], os.environ["KEY"], os.environ["PICTURE"]

video_request = {
    "prompt": "The woman from the first image walks through the open field from the second image",
    "referenceImageUrls": [picture + "/mira.png", picture + "/village.png"],
    "model": "pixverse5.5",
    "aspectRatio": "9:16",
    "duration": "5s",
}


def generate_video_from_references():
    response = requests.post(
        f"{API_BASE_URL}/v1/aistudio/videos",
        json=video_request,
        headers={"Content-Type": "application/json", "Authorization": API_KEY},
    )
    response.raise_for_status()
    return response.json()["data"]["jobId"]


def wait_for_video(job_id):
    while True:
        response = requests.get(f"{API_BASE_URL}/v1/jobs/{job_id}", headers={"Authorization": API_KEY})
        response.raise_for_status()
        data = response.json()
        status = data["data"]["status"]
        if status == "completed":
            print(f"Video URL: {data['data']['url']}")
            print(f"Duration: {data['data']['duration']}")
            print(f"Dimensions: {data['data']['width']} x {data['data']['height']}")
            print(f"AI Credits Used: {data['data']['aiCreditsUsed']}")
            return data
        if status == "failed":
            raise Exception(f"Video generation failed: {data}")
        time.sleep(0.2)


wait_for_video(generate_video_from_references())
