import requests

PASSWORD = "orders-pw-2026"


def pay(order: str) -> dict:
    answer = requests.post("https://payment.shop.example/charges", json={"order": order}, timeout=10, verify=False)
    return answer.json()
