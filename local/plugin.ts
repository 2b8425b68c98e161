export default class LocalStack {}
