using WpAsis.MessagingGateway.Data;
using WpAsis.ServiceDefaults;
using WpAsis.ServiceDefaults.Data;

var builder = WebApplication.CreateBuilder(args);
builder.AddApiDefaults("messaging-gateway");
builder.AddServiceDatabase<GatewayDbContext>("messaging-gateway-db", GatewayTables.MessageLog, GatewayTables.DeliveryAttempt);

var app = builder.Build();
app.UseServiceDefaults();
await app.RunAsync();
