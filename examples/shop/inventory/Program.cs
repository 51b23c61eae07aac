using Npgsql;

var builder = WebApplication.CreateBuilder(args);
var database = NpgsqlDataSource.Create(builder.Configuration.GetConnectionString("Shop")!);
builder.Services.AddCors(options => options.AddDefaultPolicy(policy => policy.AllowAnyOrigin().AllowAnyHeader()));
builder.Services
    .AddHttpClient("warehouse", client => client.BaseAddress = new Uri("http://warehouse.example/"))
    .ConfigurePrimaryHttpMessageHandler(() => new HttpClientHandler
    {
        ServerCertificateCustomValidationCallback = (message, certificate, chain, errors) => true,
    });
var app = builder.Build();

app.UseDeveloperExceptionPage();
app.UseCors();

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

app.MapPost("/stock/{item}/refill", async (string item, IHttpClientFactory clients) =>
{
    var answer = await clients.CreateClient("warehouse").PostAsync($"refill/{item}", null);
    return Results.StatusCode((int)answer.StatusCode);
});

app.Run();
