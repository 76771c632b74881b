// With what a license starts, in words.

export const startLabels = {
  first_activation: "starts with the first activation",
  first_validation: "starts with the first validation",
  first_sign_in: "starts with the first sign-in",
};
