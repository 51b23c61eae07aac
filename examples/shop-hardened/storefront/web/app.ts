interface Product {
  id: string;
  name: string;
  cents: number;
}

const list = document.querySelector("#products");
const response = await fetch("/api/catalog/products");
const products: Product[] = await response.json();

for (const product of products) {
  const item = document.createElement("li");
  item.textContent = `${product.name}: ${(product.cents / 100).toFixed(2)} €`;
  const button = document.createElement("button");
  button.textContent = "Add to cart";
  button.addEventListener("click", () => fetch(`/api/cart/items/${encodeURIComponent(product.id)}`, { method: "PUT" }));
  item.append(" ", button);
  list?.append(item);
}

export {};
