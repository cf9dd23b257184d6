using WpAsis.ServiceDefaults.Sweeping;

namespace WpAsis.Billing.Tenants;

/// <summary>How a customer is found before it is named, and how messages about it come in.</summary>
internal static class TenantsFeature
{
    public static void AddTenants(this WebApplicationBuilder builder)
    {
        builder.Services.AddScoped<TenantInbox>();
        builder.Services.AddTimerRows("tenant_route", "due_at");
    }
}
