import os

import pika
import psycopg2
import requests
from dotenv import load_dotenv

load_dotenv()

database = psycopg2.connect(os.environ["DATABASE_URL"])
channel = pika.BlockingConnection(pika.URLParameters(os.environ["RABBITMQ_URL"])).channel()
channel.queue_declare("orders")


def on_order(channel, method, properties, body):
    order, items = body.decode().split(" ", 1)
    with database, database.cursor() as cursor:
        cursor.execute(f"INSERT INTO orders (id, items) VALUES ('{order}', '{items}')")
    for item in items.strip("{}").split(", "):
        requests.post(f"{os.environ['INVENTORY_URL']}/stock/{item.split('=')[0]}/reserve")
    channel.basic_ack(method.delivery_tag)


channel.basic_consume("orders", on_order)
channel.start_consuming()
