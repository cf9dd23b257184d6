using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WpAsis.Identity.Accounts;
using WpAsis.Identity.Passwords;
using WpAsis.Web.Localization;

namespace WpAsis.Identity.Pages;

/// <summary>Create an account; the same registration as the API's.</summary>
internal sealed class SignUpModel(Registration registration) : PageModel
{
    private IFormCollection? _form;
    private IReadOnlyDictionary<string, string> _faults = new Dictionary<string, string>(StringComparer.Ordinal);

    public bool Done { get; private set; }

    public bool TooMany { get; private set; }

    public IEnumerable<Field> Fields =>
        [
            Make("name", "Name", "name", 256),
            Make("email", "Email", "username", 254, type: "email"),
            Make("businessName", "BusinessName", "organization", 200),
            Make("password", "Password", "new-password", PasswordRules.MaxLength, type: "password", hint: "PasswordHint"),
            Make("phone", "Phone", "tel", 32, type: "tel", required: false),
            Make("country", "Country", "country", 2, required: false),
            Make("postalAddress", "PostalAddress", "street-address", 1000, required: false),
        ];

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        _form = await Request.ReadFormAsync(cancellationToken);
        var request = new RegisterAccountRequest
        {
            Name = Typed("name") ?? "",
            Email = Typed("email") ?? "",
            Phone = Typed("phone"),
            PostalAddress = Typed("postalAddress"),
            Password = Typed("password") ?? "",
            BusinessName = Typed("businessName") ?? "",
            Country = Typed("country"),
            Language = Languages.Current,
        };
        if (!RegistrationForm.TryRead(request, out var form, out _faults))
        {
            Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
            return Page();
        }
        Done = await registration.TryRegisterAsync(form, HttpContext.Connection.RemoteIpAddress, cancellationToken);
        TooMany = !Done;
        if (TooMany)
        {
            Response.Headers.RetryAfter = "60";
            Response.StatusCode = StatusCodes.Status429TooManyRequests;
        }
        return Page();
    }

    private string? Typed(string name) => _form?[name].FirstOrDefault();

    private Field Make(
        string name,
        string label,
        string autocomplete,
        int maxLength,
        string type = "text",
        string? hint = null,
        bool required = true
    ) =>
        new(
            name,
            label,
            type,
            autocomplete,
            maxLength,
            required,
            hint,
            type == "password" ? null : Typed(name),
            _faults.GetValueOrDefault(name)
        );

    /// <summary>One line of the form; a password is never written back.</summary>
    internal sealed record Field(
        string Name,
        string Label,
        string Type,
        string Autocomplete,
        int MaxLength,
        bool Required,
        string? Hint,
        string? Value,
        string? Fault
    )
    {
        public override string ToString() => Name;
    }
}
