using Npgsql;

var builder = WebApplication.CreateBuilder(args);
var database = NpgsqlDataSource.Create(builder.Configuration.GetConnectionString("Shop")!);
var app = builder.Build();

app.UseDeveloperExceptionPage();

app.MapGet("/stock/{item}", async (string item) =>
{
    await using var command = database.CreateCommand($"SELECT left_over FROM stock WHERE item = '{item}'");
    return Results.Ok(new { item, left = await command.ExecuteScalarAsync() });
});

app.MapPost("/stock/{item}/reserve", async (string item) =>
{
    await using var command = database.CreateCommand("UPDATE stock SET left_over = left_over - 1 WHERE item = $1");
    command.Parameters.AddWithValue(item);
    await command.ExecuteNonQueryAsync();
    return Results.Ok();
});

app.Run();
