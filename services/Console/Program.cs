using WpAsis.Console.Apis;
using WpAsis.Console.SignIn;
using WpAsis.ServiceDefaults;
using WpAsis.Web;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("console");
builder.AddWeb("console").AddRazorPagesOptions(pages => pages.Conventions.AllowAnonymousToPage("/Welcome"));
builder.AddSignIn();
builder.AddApis();

var app = builder.Build();
app.UseWeb(builder.Configuration["Auth:Authority"]!);
app.UseServiceDefaults();
app.UseAuthentication();
app.UseAuthorization();
app.MapWeb();
app.MapSignIn();
app.MapRazorPages();
await app.RunAsync();
