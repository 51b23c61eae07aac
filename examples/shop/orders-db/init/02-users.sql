CREATE ROLE catalog LOGIN SUPERUSER PASSWORD 'catalog';
CREATE ROLE payment LOGIN PASSWORD 'shop-db-pw-2024';
CREATE ROLE inventory LOGIN PASSWORD 'inventory-pw-2024';
CREATE ROLE worker LOGIN PASSWORD 'worker-pw-2024';
GRANT ALL ON ALL TABLES IN SCHEMA public TO payment, inventory, worker;
