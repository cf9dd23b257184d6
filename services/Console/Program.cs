using WpAsis.Console.Apis;
using WpAsis.Console.Pages;
using WpAsis.Console.SignIn;
using WpAsis.ServiceDefaults;
using WpAsis.Web;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("console");
builder.AddPages();
builder.AddSignIn();
builder.AddApis();

var app = builder.Build();
app.UseWeb(builder.Configuration["Auth:Authority"]!);
app.UseServiceDefaults();
app.UseErrorPages();
app.UseAuthentication();
app.UseAuthorization();
app.MapWeb();
app.MapSignIn();
app.MapRazorPages();
await app.RunAsync();
