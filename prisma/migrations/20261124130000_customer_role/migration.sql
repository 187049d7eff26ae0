-- The role of sessions that serve a customer's token: it reads what is that customer's own, and writes nothing.
DO $$
DECLARE
  own constant text := '(SELECT nullif(current_setting(''app.customer_id'', true), '''')::uuid)';
  shown record;
BEGIN
  BEGIN
    CREATE ROLE rapport_customer NOLOGIN NOBYPASSRLS;
  EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
  END;
  EXECUTE 'GRANT rapport_customer TO CURRENT_USER';
  GRANT USAGE ON SCHEMA public TO rapport_customer;
  FOR shown IN SELECT * FROM (VALUES
    ('Customer', '"id" = ' || own),
    ('ContactPoint', '"customerId" = ' || own),
    ('CustomerExternalId', '"customerId" = ' || own),
    ('Address', '"customerId" = ' || own),
    ('Order', '"customerId" = ' || own),
    ('OrderLine', '"customerId" = ' || own),
    ('Return', '"customerId" = ' || own),
    ('CustomerStatistics', '"customerId" = ' || own),
    ('PurchasedProduct', '"customerId" = ' || own),
    ('Preference', '"customerId" = ' || own),
    ('Consent', '"customerId" = ' || own),
    ('ConsentEvent', '"customerId" = ' || own),
    ('Case', '"customerId" = ' || own),
    ('SurveyResponse', '"customerId" = ' || own),
    -- What staff say among themselves is not for them.
    ('Interaction', '"customerId" = ' || own || ' AND "direction" <> ''INTERNAL'''),
    ('CustomerTag', 'false'),
    ('ApiKey', 'false'),
    ('AuditEvent', 'false'),
    ('CaseHandoff', 'false'),
    -- These have no customer of their own; the rows they belong to are bound themselves.
    ('Payment', 'EXISTS (SELECT 1 FROM "Order" o WHERE o."workspaceId" = "Payment"."workspaceId" AND o."id" = "orderId")'),
    ('Fulfillment', 'EXISTS (SELECT 1 FROM "Order" o WHERE o."workspaceId" = "Fulfillment"."workspaceId" AND o."id" = "orderId")'),
    ('ReturnLine', 'EXISTS (SELECT 1 FROM "Return" r WHERE r."workspaceId" = "ReturnLine"."workspaceId" AND r."id" = "returnId")'),
    -- The same for everybody.
    ('Workspace', 'true'), ('Product', 'true'), ('ProductVariant', 'true'), ('Location', 'true'), ('PreferenceDefinition', 'true')
  ) AS tables (name, condition) LOOP
    EXECUTE format('GRANT SELECT ON %I TO rapport_customer', shown.name);
    EXECUTE format('CREATE POLICY own ON %I AS RESTRICTIVE TO rapport_customer USING (%s)', shown.name, shown.condition);
  END LOOP;
END $$;

-- A connection that last served a customer may be the next to ask who holds a key.
GRANT EXECUTE ON FUNCTION rapport_workspaces(), rapport_api_key(text), rapport_search_customers(text[], integer) TO rapport_customer;
