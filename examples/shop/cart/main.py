import os

import redis
import requests
from dotenv import load_dotenv
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

load_dotenv()

app = FastAPI(debug=True)
app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_methods=["*"], allow_headers=["*"])
carts = redis.Redis(host=os.environ["REDIS_HOST"], password=os.environ["REDIS_PASSWORD"], decode_responses=True)


@app.get("/health")
def health():
    return {"status": "ok"}


@app.get("/carts/{cart}")
def items(cart: str):
    return carts.hgetall(f"cart:{cart}")


@app.put("/carts/{cart}/items/{item}")
def add(cart: str, item: str):
    return carts.hincrby(f"cart:{cart}", item, 1)


@app.post("/carts/{cart}/checkout")
def checkout(cart: str):
    answer = requests.post(
        os.environ["PAYMENT_URL"] + "/charges",
        json={"cart": cart, "items": carts.hgetall(f"cart:{cart}")},
        auth=(os.environ["PAYMENT_USER"], os.environ["PAYMENT_PASSWORD"]),
        verify=False,
    )
    return answer.json()
